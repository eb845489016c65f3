/** The schema change itself, over JDBC: expand, backfill, verify, contract. */
@NullMarked
package dev.sluice.demo.change;

import org.jspecify.annotations.NullMarked;
