"""The road from sign-up to the exam card."""
