"""Tests of the whole: architecture, set-up, reliability drills; and the support that every test shares."""
