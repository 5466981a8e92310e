"""Small values that go up from widgets to screens and the app, and down from workers: a module for each taker."""
