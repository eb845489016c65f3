/**
 * EventStore on SQLite and on PostgreSQL. Its calls block; only the writer thread and start-up make
 * them.
 */
@NullMarked
package dev.sluice.control.store;

import org.jspecify.annotations.NullMarked;
