"""What goes in and out, as JSON: the contract that the OpenAPI document is made of."""
