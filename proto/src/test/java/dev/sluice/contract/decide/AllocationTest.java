package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.match.RequestView;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one decision costs in memory, counted by the JVM; no time is measured. */
class AllocationTest {
    private static final int ROUNDS = 20_000;

    /** The decision, its key, its bucket, and an Optional for each header that was asked for. */
    private static final long MOST_BYTES = 400;

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

    @Test
    void a_decision_by_five_rules_and_a_key_of_64_bytes_allocates_little_but_itself() {
        StringBuilder rules = new StringBuilder("share_ppm: 1000000 ");
        for (int i = 0; i < 5; i++) {
            rules.append(
                    ("rules { name: 'r%d' match { methods: 'GET' headers { name: 'x-%d'"
                                    + " string_match { exact: '1' } } } arm: LEGACY } ")
                            .formatted(i, i));
        }
        Gate gate = Gates.orders(rules.toString());
        HeldGate held = HeldGate.first(gate);
        RequestView request = new OneHeader("x-user", Optional.of("k".repeat(64)));
        GateDecider decider = new GateDecider(() -> 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int in = rounds(decider, held, request); // loads the classes

        long before = threads.getCurrentThreadAllocatedBytes();
        in += rounds(decider, held, request);
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;

        assertThat(in).isEqualTo(2 * ROUNDS);
        assertThat(each).as("bytes for one decision").isLessThan(MOST_BYTES);
    }

    private static int rounds(GateDecider decider, HeldGate held, RequestView request) {
        int in = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Mode mode = decider.decide(held, Gates.READ, Carried.NOTHING, request).mode();
            in += mode == Mode.COMPLETE ? 1 : 0;
        }
        return in;
    }
}
