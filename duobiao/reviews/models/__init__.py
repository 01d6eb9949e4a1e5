"""Tables of gate reviews: the review, who takes part, the conditions it sets."""

from duobiao.reviews.models.condition import Condition
from duobiao.reviews.models.review import Attendee, Decision, GateReview, GateReviewQuerySet, ReviewState

__all__ = ["Attendee", "Condition", "Decision", "GateReview", "GateReviewQuerySet", "ReviewState"]
