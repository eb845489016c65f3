/**
 * Faults of a PostgreSQL database, made by sessions of our own: when they close, or the process
 * dies, the database takes the fault back itself. Start at {@code HeldFault}. Imports nothing of
 * this module. Each fault belongs to the thread that began it.
 */
@NullMarked
package dev.sluice.chaos.database;

import org.jspecify.annotations.NullMarked;
