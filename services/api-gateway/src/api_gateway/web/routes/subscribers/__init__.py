"""Routes of subscribers: the API of subscriptions, and the pages behind links in e-mails."""
