/**
 * The users: requests with skewed popularity, the ledger of every one, and what must hold for it.
 */
@NullMarked
package dev.sluice.demo.load;

import org.jspecify.annotations.NullMarked;
