"""Pages of this room: the committee's desk, the public pages, the applicant's own."""
