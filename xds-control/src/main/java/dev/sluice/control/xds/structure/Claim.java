package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.Structure;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node that comes from elsewhere says it has, by a version of ours. Immutable.
 *
 * @param place epoch and sequence of the log as one number; 0 when the version is none of ours
 * @param hash of the content; the version itself when it is none of ours
 */
record Claim(long place, String hash) {
    static final Claim NONE = new Claim(0, "");
    private static final Pattern VERSION = Pattern.compile("(\\d{20})-([0-9a-f]{16})");
    private static final int PREFIX = 21;

    static Claim of(String version) {
        Matcher matcher = VERSION.matcher(version);
        return matcher.matches()
                ? new Claim(Long.parseLong(matcher.group(1)), matcher.group(2))
                : new Claim(0, version);
    }

    /** The latest place of the log that any of these versions knows. */
    static Claim latest(Collection<String> versions) {
        long place = versions.stream().mapToLong(version -> of(version).place()).max().orElse(0);
        return new Claim(place, "");
    }

    /** The place within its epoch. */
    long seq() {
        return place % Structure.EPOCH;
    }

    /** The version of one resource, sent with this version of its type. */
    static String versionOf(String typeVersion, String hash) {
        return typeVersion.substring(0, PREFIX) + hash;
    }
}
