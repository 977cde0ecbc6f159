"""What every resource shares: the seam to the network, retries, paging, waiting. It knows no resource."""
