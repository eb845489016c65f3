package dev.sluice.chaos.load.http;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets texts that come again and again, such as hashes of one body, be one object: a ledger of a
 * million answers then holds each once. Beyond its size texts stay what they are. Thread-safe.
 */
final class SameTexts {
    private static final int MOST = 10_000;

    private final ConcurrentHashMap<String, String> texts = new ConcurrentHashMap<>();

    /** An equal text. */
    String of(String text) {
        String known = texts.get(text);
        if (known != null || texts.size() >= MOST) {
            return known == null ? text : known;
        }
        String first = texts.putIfAbsent(text, text);
        return first == null ? text : first;
    }
}
