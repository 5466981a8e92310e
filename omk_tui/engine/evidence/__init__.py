"""What people bring and take of an opened goal besides decisions: reviews, and the brief for its agent."""
