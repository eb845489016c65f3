package dev.sluice.proxy.tap;

/**
 * A header or trailer field as it is shown. Immutable.
 *
 * @param name lower-case, or a pseudo header
 * @param value as UTF-8 text, or what stands in the place of a secret
 */
public record TapField(String name, String value) {}
