package dev.sluice.chaos.junit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.ArmFault;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.fault.LeaseCount;
import dev.sluice.chaos.fault.Leases;
import dev.sluice.chaos.fault.Plan;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.contract.Parsed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fault leases of one test. Owned by the test's thread. */
final class GateLeases implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9_.-]+)}");

    private final Activities activities = new Activities(new Substitution(Map.of()));
    private final Leases leases;

    private GateLeases(Plan plan) {
        this.leases = new Leases(plan, activities::run);
    }

    /**
     * Takes the leases.
     *
     * @param variable its value, by name
     * @param run a word that no other test has
     * @throws IllegalArgumentException with every problem of the annotations
     * @throws IllegalStateException when a sidecar refuses; none is on then
     */
    static GateLeases take(
            List<GateFault> faults, Function<String, Optional<String>> variable, String run) {
        List<ArmFault> asked = new ArrayList<>();
        for (GateFault fault : faults) {
            asked.add(new ArmFault(fields(fault, variable), "@GateFault[" + asked.size() + "]"));
        }
        Substitution nothing = new Substitution(Map.of());
        Parsed<Plan> plan = Plan.of(asked, nothing, run, run.hashCode() | 1L);
        GateLeases taken = new GateLeases(plan.orThrow());
        Optional<String> refused = taken.leases.take();
        if (refused.isPresent()) {
            taken.close();
            throw new IllegalStateException(refused.get());
        }
        return taken;
    }

    private static ObjectNode fields(GateFault fault, Function<String, Optional<String>> variable) {
        ObjectNode fields = JSON.createObjectNode();
        add(fields.putArray("sidecars"), fault.sidecars(), variable);
        fields.put("token", filled(fault.token(), variable));
        fields.put("gate", filled(fault.gate(), variable));
        fields.put("arm", filled(fault.arm(), variable));
        add(fields.putArray("operations"), fault.operations(), variable);
        add(fields.putArray("endpoints"), fault.endpoints(), variable);
        fields.put("share", fault.share()).put("requests", fault.requests());
        fields.put("at_least", fault.atLeast());
        try {
            fields.set("fault", JSON.readTree(filled(fault.fault(), variable)));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    "@GateFault fault '" + fault.fault() + "' is no JSON", malformed);
        }
        return fields;
    }

    private static void add(
            ArrayNode list, String[] texts, Function<String, Optional<String>> variable) {
        for (String text : texts) {
            list.add(filled(text, variable));
        }
    }

    /** A variable without a value stays as it is written, and is refused there. */
    private static String filled(String text, Function<String, Optional<String>> variable) {
        return VARIABLE.matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(
                                variable.apply(found.group(1)).orElse(found.group())));
    }

    /** What the faults have not reached, as sentences; none when all have. */
    List<String> unproved() {
        Map<Integer, Long> injected = new HashMap<>();
        List<LeaseCount> counts = leases.count();
        counts.forEach(count -> injected.merge(count.lease().fault(), count.injected(), Long::sum));
        List<String> unproved = new ArrayList<>();
        for (LeaseCount count : counts) {
            long changed = injected.getOrDefault(count.lease().fault(), 0L);
            if (changed < count.lease().atLeast()) {
                unproved.add(
                        "%s changed %d attempts (expected: %d or more)"
                                .formatted(
                                        count.lease().place(), changed, count.lease().atLeast()));
            }
        }
        return unproved;
    }

    /** Ends all. What did not end, as sentences: it ends by itself within its time. */
    List<String> end() {
        return leases.end();
    }

    @Override
    public void close() {
        List<String> unused = end();
        activities.close();
    }
}
