"""What follows for supply: who falls with whom, who could sell to whom, and which site suits."""
