"""The messages of Tests/OddMail, a module for each family of constructs."""
