"""How sure a rank is: Monte Carlo over the assumptions behind it."""
