package dev.sluice.proxy.boot;

import dev.sluice.contract.Problem;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How much the parts of this process log. A level counts for a part and all below it, whatever the
 * standard error stream's handler lets pass. Thread-safe.
 */
final class LogLevels {
    private static final Map<String, Level> WORDS =
            Map.of(
                    "off", Level.OFF,
                    "error", Level.SEVERE,
                    "warn", Level.WARNING,
                    "info", Level.INFO,
                    "debug", Level.FINE);

    /** Held so that their level stays set: loggers are referenced weakly. */
    private final List<Logger> loggers =
            List.of(
                    Logger.getLogger("dev.sluice"),
                    Logger.getLogger("io.grpc"),
                    Logger.getLogger("io.netty"));

    /**
     * Sets the level of all parts.
     *
     * @param word {@code error}, {@code warn}, {@code info} or {@code debug}
     */
    void all(String word) {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        loggers.forEach(logger -> logger.setLevel(WORDS.getOrDefault(word, Level.WARNING)));
    }

    /** Word of each part's level, by its name, in order. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        for (Logger logger : loggers) {
            WORDS.forEach((word, level) -> {
                if (level.equals(logger.getLevel())) {
                    shown.put(logger.getName(), word);
                }
            });
            shown.putIfAbsent(logger.getName(), "info");
        }
        return shown;
    }

    /** Sets the levels of some parts; nothing changes, and the answer says why, on a bad one. */
    Optional<String> set(Map<String, String> wanted) {
        Map<String, String> known = shown();
        for (Map.Entry<String, String> one : wanted.entrySet()) {
            if (!known.containsKey(one.getKey())) {
                return Optional.of(
                        "logger %s (expected: one of %s); correct the name"
                                .formatted(Problem.quote(one.getKey()), known.keySet()));
            }
            if (!WORDS.containsKey(word(one.getValue()))) {
                return Optional.of(
                        "level %s of %s (expected: off, error, warn, info or debug); correct the word"
                                .formatted(Problem.quote(one.getValue()), one.getKey()));
            }
        }
        for (Logger logger : loggers) {
            String word = wanted.get(logger.getName());
            if (word != null) {
                logger.setLevel(WORDS.getOrDefault(word(word), Level.WARNING));
            }
        }
        return Optional.empty();
    }

    /** Envoy's words for what has one word here. */
    private static String word(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        return switch (word) {
            case "trace" -> "debug";
            case "warning" -> "warn";
            case "critical" -> "error";
            default -> word;
        };
    }
}
