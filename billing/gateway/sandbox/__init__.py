"""The `sandbox` gateway: deterministic, for the demo and for test mode. No money moves.

What a charge does is decided by its payment method; `docs/sandbox.md` says the same with examples.

=============================  =========================================================================
method                         what happens
=============================  =========================================================================
sandbox_ok                     succeeds
sandbox_soft_decline           declined as `insufficient_funds`; another try may be worth it, but is not
sandbox_hard_decline           declined as `account_closed`; only another method helps
sandbox_declines_on_renewal    the customer's first charge succeeds, later ones are declined softly
sandbox_answer_lost            charged, but the answer is always `unknown`; looked up, it has succeeded
sandbox_authentication         `action_required` until `complete_authentication` is called
sandbox_refund_pending         succeeds; a refund of it is on its way for 5 days
sandbox_refund_fails           succeeds; a refund of it is on its way for a day and then fails
sandbox_disputed               succeeds, and the customer's bank disputes it at once
=============================  =========================================================================

Every charge and refund is written to a journal of the sandbox's own, in its own transaction, so it remembers what it
did whatever becomes of ours.
"""
