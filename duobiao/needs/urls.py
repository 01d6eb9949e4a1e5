"""Addresses of needs; mounted at the root."""
app_name = "needs"
urlpatterns = []
