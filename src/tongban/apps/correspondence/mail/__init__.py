"""E-mail: a mailbox that is looked into, mails as they come, and answers by SMTP."""
