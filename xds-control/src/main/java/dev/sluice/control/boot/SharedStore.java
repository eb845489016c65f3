package dev.sluice.control.boot;

import dev.sluice.control.store.PostgresAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A log that several control planes share. Immutable.
 *
 * @param database where it is
 * @param advertised where others reach the admin API of this one, HOST:PORT; empty for its own
 *     address
 * @param replicaCa what certificates of others must lead to, PEM; empty for the system's
 */
record SharedStore(
        PostgresAddress database, Optional<String> advertised, Optional<Path> replicaCa) {}
