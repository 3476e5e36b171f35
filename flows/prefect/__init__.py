"""What runs under Prefect's server: `hopnhat serve`, its parts, deployments for many machines."""
