package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.match.RequestView;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What one decision costs in memory, counted by the JVM; no time is measured. */
class AllocationTest {
    private static final int ROUNDS = 20_000;

    /** An Optional for each header that was asked for, where the compiler leaves it. */
    private static final long MOST_BYTES_OF_A_CHOICE = 200;

    /** The record, its key and its bucket beside that. */
    private static final long MOST_BYTES_OF_A_DECISION = 400;

    /** A request of one header, whose view allocates nothing of its own. */
    private record OneHeader(String name, Optional<CharSequence> value) implements RequestView {
        @Override
        public CharSequence method() {
            return "GET";
        }

        @Override
        public CharSequence target() {
            return "/orders/1";
        }

        @Override
        public CharSequence path() {
            return "/orders/1";
        }

        @Override
        public Optional<CharSequence> header(String lowerCaseName) {
            return lowerCaseName.equals(name) ? value : Optional.empty();
        }

        @Override
        public List<? extends CharSequence> headerValues(String lowerCaseName) {
            return header(lowerCaseName).stream().toList();
        }

        @Override
        public Optional<CharSequence> joinedHeader(String lowerCaseName) {
            return header(lowerCaseName);
        }

        @Override
        public Optional<String> clientIdentity() {
            return Optional.empty();
        }

        @Override
        public byte[] peerAddress() {
            return new byte[0];
        }
    }

    private final GateDecider decider = new GateDecider(() -> 0);
    private final HeldGate held = HeldGate.first(gateOfFiveRules());
    private final RequestView request = new OneHeader("x-user", Optional.of("k".repeat(64)));

    private static Gate gateOfFiveRules() {
        StringBuilder rules = new StringBuilder("share_ppm: 1000000 ");
        for (int i = 0; i < 5; i++) {
            rules.append(
                    ("rules { name: 'r%d' match { methods: 'GET' headers { name: 'x-%d'"
                                    + " string_match { exact: '1' } } } arm: LEGACY } ")
                            .formatted(i, i));
        }
        return Gates.orders(rules.toString());
    }

    @Test
    void a_choice_by_five_rules_and_a_key_of_64_bytes_makes_no_object_of_its_own() {
        long each = bytesOfEach(this::choose);

        assertThat(each).as("bytes of one choice").isLessThan(MOST_BYTES_OF_A_CHOICE);
    }

    @Test
    void a_decision_by_five_rules_and_a_key_of_64_bytes_allocates_little_but_itself() {
        long each = bytesOfEach(this::decide);

        assertThat(each).as("bytes of one decision").isLessThan(MOST_BYTES_OF_A_DECISION);
    }

    @Test
    void a_choice_of_a_write_makes_no_object_of_its_own() {
        HeldGate writes = HeldGate.first(Gates.writes(1_000_000, ""));

        long each =
                bytesOfEach(() ->
                        Choice.mode(decider.choose(writes, Gates.WRITE, Carried.NOTHING, request))
                                        == Mode.LIVE
                                ? Mode.COMPLETE
                                : Mode.OFF);

        assertThat(each).as("bytes of one choice").isLessThan(MOST_BYTES_OF_A_CHOICE);
    }

    private static long bytesOfEach(Supplier<Mode> decision) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int in = rounds(decision); // loads the classes

        long before = threads.getCurrentThreadAllocatedBytes();
        in += rounds(decision);
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;

        assertThat(in).as("decisions for NEW").isEqualTo(2 * ROUNDS);
        return each;
    }

    private static int rounds(Supplier<Mode> decision) {
        int in = 0;
        for (int i = 0; i < ROUNDS; i++) {
            in += decision.get() == Mode.COMPLETE ? 1 : 0;
        }
        return in;
    }

    private Mode choose() {
        return Choice.mode(decider.choose(held, Gates.READ, Carried.NOTHING, request));
    }

    private Mode decide() {
        return decider.decide(held, Gates.READ, Carried.NOTHING, request).mode();
    }
}
