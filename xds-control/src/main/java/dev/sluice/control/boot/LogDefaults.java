package dev.sluice.control.boot;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which log a command is about when no option says it: that of the control plane that the same
 * variables would start. Immutable.
 *
 * @param home folder of the user
 */
record LogDefaults(Path home, Map<String, String> environment) {
    LogDefaults {
        environment = Map.copyOf(environment);
    }

    Path state() {
        return variable("SLUICE_STATE").map(Path::of).orElse(home.resolve(".sluice/control"));
    }

    /** URL of the database; empty for none. */
    String store() {
        return variable("SLUICE_STORE").orElse("");
    }

    String user() {
        return variable("SLUICE_STORE_USER").orElse("");
    }

    Optional<Path> passwordFile() {
        return variable("SLUICE_STORE_PASSWORD_FILE").map(Path::of);
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
}
