package dev.sluice.control.lifecycle.ring;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RingPlanSpec.Members;
import dev.sluice.control.change.spec.RingPlanSpec.Ring;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The ranges of a plan of rings. Stateless but for where reasons go. */
record RingRanges(Refusals refusals) {
    private static final int MOST_RINGS = 16;
    private static final int MOST_MEMBERS = 1_000;
    private static final int LONGEST = 256;
    private static final Duration LONGEST_BAKE = Duration.ofDays(7);
    private static final Duration SHORTEST_DEADLINE = Duration.ofSeconds(1);
    private static final Duration LONGEST_DEADLINE = Duration.ofDays(1);
    private static final Pattern ID = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    void check(RingPlanSpec spec) {
        Ranges ranges = new Ranges(refusals);
        ranges.description(spec.description());
        ranges.number("rings", spec.rings().size(), 1, MOST_RINGS);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < spec.rings().size(); i++) {
            Ring ring = spec.rings().get(i);
            String path = "rings[" + i + "]";
            id(path + ".id", ring.id(), seen);
            ranges.duration(path + ".bake", ring.bake(), Duration.ZERO, LONGEST_BAKE);
            ranges.duration(
                    path + ".deadline", ring.deadline(), SHORTEST_DEADLINE, LONGEST_DEADLINE);
            members(path + ".members", ring.members(), i == spec.rings().size() - 1);
        }
    }

    private void id(String path, String id, Set<String> seen) {
        if (!ID.matcher(id).matches()) {
            refusals.invalid(
                    path,
                    Problem.quote(id),
                    "a-z, 0-9 and -, at most 63, a letter first",
                    "choose another id");
        } else if (!seen.add(id)) {
            refusals.invalid(
                    path, Problem.quote(id), "each ring once", "give each ring an id of its own");
        }
    }

    private void members(String path, Members members, boolean isLast) {
        boolean isRest = members.equals(Members.REST);
        if (isLast && !isRest) {
            refusals.invalid(
                    path,
                    "members in the last ring",
                    "none: it has all nodes that no other ring has",
                    "add a ring without members at the end");
        } else if (!isLast && isRest) {
            refusals.invalid(
                    path,
                    "no members",
                    "at least one of nodes, clusters, services, labels and percent",
                    "say who is in the ring; only the last has all others");
        }
        Ranges ranges = new Ranges(refusals);
        texts(path + ".nodes", members.nodes(), ranges);
        texts(path + ".clusters", members.clusters(), ranges);
        ranges.number(path + ".services", members.services().size(), 0, MOST_MEMBERS);
        ranges.number(path + ".percent", members.percent(), 0, 100);
        ranges.number(path + ".labels", members.labels().size(), 0, 64);
        members.labels()
                .forEach((key, value) -> {
                    ranges.text(path + ".labels", key, 1, LONGEST);
                    ranges.text(path + ".labels[\"" + key + "\"]", value, 1, LONGEST);
                });
    }

    private void texts(String path, List<String> texts, Ranges ranges) {
        ranges.number(path, texts.size(), 0, MOST_MEMBERS);
        for (int i = 0; i < texts.size(); i++) {
            ranges.text(path + "[" + i + "]", texts.get(i), 1, LONGEST);
        }
    }
}
