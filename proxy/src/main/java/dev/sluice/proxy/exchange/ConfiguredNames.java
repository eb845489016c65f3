package dev.sluice.proxy.exchange;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The octets of header names that a configuration holds as texts, one instance for each name, made
 * when it is first asked for. Thread-safe.
 */
final class ConfiguredNames {
    private final ConcurrentMap<String, AsciiString> octets = new ConcurrentHashMap<>();
    private final int most;

    /**
     * @param most names that are kept; others are made anew for each call
     */
    ConfiguredNames(int most) {
        this.most = most;
    }

    AsciiString of(String name) {
        AsciiString known = octets.get(name);
        return known == null ? learned(name) : known;
    }

    private AsciiString learned(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        AsciiString made = HeaderNames.intern(bytes, 0, bytes.length);
        if (octets.size() < most) {
            octets.put(name, made);
        }
        return made;
    }
}
