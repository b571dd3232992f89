"""Due work lives in rows; Redis and beat only wake the workers that look for it."""
