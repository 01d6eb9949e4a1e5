"""What people do with leads, pools and campaigns."""
