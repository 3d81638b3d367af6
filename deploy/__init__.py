"""The roof: settings, addresses, servers and the commands that start them."""
