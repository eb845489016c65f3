package dev.sluice.control.message;

/**
 * A part of a message that is not the same on two sides. Immutable.
 *
 * @param path such as {@code rules[1].match.headers[0].name} or {@code labels["team"]}
 * @param before as JSON; empty where it is absent
 * @param after likewise
 */
public record Difference(String path, String before, String after) {}
