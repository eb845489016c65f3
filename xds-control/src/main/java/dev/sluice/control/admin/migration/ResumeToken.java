package dev.sluice.control.admin.migration;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateSet;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a client that watched migrations has come: a place of the log, in one life of it.
 * Immutable.
 *
 * @param versions how many versions there were, so that one that is gone since is missed
 */
record ResumeToken(long epoch, long seq, int versions) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})-(\\d{1,9})");

    static ResumeToken of(Catalog catalog) {
        return new ResumeToken(catalog.epoch(), catalog.seq(), catalog.versions().size());
    }

    /** What a request says; empty for nothing, and after one problem was added. */
    static Optional<ResumeToken> read(String text, Problems at) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            return Optional.of(
                    new ResumeToken(
                            Long.parseLong(matcher.group(1)),
                            Long.parseLong(matcher.group(2)),
                            Integer.parseInt(matcher.group(3))));
        }
        if (!text.isEmpty()) {
            at.add(
                    Problem.quote(text),
                    "resume_token of an in_sync of the same method",
                    "leave it out to get everything");
        }
        return Optional.empty();
    }

    /**
     * Whether a client that has come so far knows a migration as it is now: neither it nor anything
     * that it is shown with has changed since.
     */
    boolean covers(Catalog catalog, Migration migration) {
        return epoch == catalog.epoch()
                && migration.meta().seq() <= seq
                && versions == catalog.versions().size()
                && catalog.versions().stream().map(Version::meta).allMatch(it -> it.seq() <= seq)
                && catalog.gateSets().stream().map(GateSet::meta).allMatch(it -> it.seq() <= seq)
                && Arrays.stream(Risk.values())
                        .map(catalog::approvalPolicy)
                        .allMatch(policy -> policy.meta().seq() <= seq);
    }

    @Override
    public String toString() {
        return epoch + "-" + seq + "-" + versions;
    }
}
