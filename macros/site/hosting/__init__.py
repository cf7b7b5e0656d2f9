"""How the site is served: one policy, said alike to every kind of server and in every page."""
