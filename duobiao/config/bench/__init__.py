"""``duobiao bench``: figures as ratios within one run, on a throw-away database."""
