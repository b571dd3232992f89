"""Mails that follow something by days: they wait as rows on the business clock, and are asked again when due."""
