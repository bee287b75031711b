"""Who works here: accounts, posts, stand-ins, identities elsewhere. The writes of the account pages, commands and sign-in services."""
