package dev.sluice.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Reason;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ExchangeRecord.GateOutcome;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.LogFacts;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What of decisions made here and elsewhere is counted as what. */
class EvidenceBookTest {
    private static final int SHARE = 250_000;

    private final EvidenceBook book = new EvidenceBook(Duration.ofMillis(100));

    @Test
    void a_carried_decision_counts_by_its_bucket_beside_what_this_gate_decided() {
        count(carried(Arm.NEW, 17), Result.SUCCESS);
        count(carried(Arm.NEW, 17), Result.SERVER_ERROR);
        count(carried(Arm.NEW, 18), Result.SUCCESS);
        count(carried(Arm.LEGACY, 600_000), Result.SUCCESS);
        count(decision(Reason.SHARE, Arm.NEW, 17, new GateDecision.Key.Used(99)), Result.SUCCESS);

        GateEvidence fresh = of(book.readCarried(), Arm.NEW);
        assertThat(fresh.share().requests()).isEqualTo(3);
        assertThat(fresh.share().serverErrors()).isEqualTo(1);
        assertThat(fresh.keyCells().stream().mapToInt(Integer::intValue).sum())
                .as("distinct buckets")
                .isEqualTo(2);
        assertThat(fresh.firstErrors()).hasSize(1);
        assertThat(fresh.latency().buckets()).isNotEmpty();
        assertThat(of(book.readCarried(), Arm.LEGACY).share().requests()).isEqualTo(1);
        assertThat(of(book.read(), Arm.NEW).share().requests()).as("decided here").isEqualTo(1);
        assertThat(of(book.read(), Arm.NEW).other().requests()).as("shown").isEqualTo(3);
    }

    @Test
    void what_no_share_decided_or_another_share_did_is_only_shown() {
        count(decision(Reason.CARRIED, Arm.NEW, -1, notRead()), Result.SERVER_ERROR);
        count(carried(Arm.NEW, SHARE), Result.SERVER_ERROR);
        count(carried(Arm.LEGACY, SHARE - 1), Result.SERVER_ERROR);
        count(decision(Reason.RANDOM, Arm.NEW, 17, notRead()), Result.SERVER_ERROR);

        assertThat(book.readCarried()).isEmpty();
        assertThat(of(book.read(), Arm.NEW).other().requests()).isEqualTo(3);
    }

    @Test
    void what_a_fault_leaves_out_is_left_out_of_both() {
        finish(carried(Arm.NEW, 17), Result.SERVER_ERROR, FaultMark.EXCLUDED);

        assertThat(of(book.readCarried(), Arm.NEW).share().requests()).isZero();
        assertThat(of(book.readCarried(), Arm.NEW).excluded()).isEqualTo(1);
        assertThat(of(book.read(), Arm.NEW).excluded()).isEqualTo(1);
    }

    /**
     * A write, without a key of its own where its bucket was carried.
     *
     * @param below the write authority
     */
    private static GateDecision write(int bucket, GateDecision.Key key, int below) {
        GateDecision drawn = decision(Reason.WRITE_AUTHORITY, Arm.NEW, bucket, key);
        return new GateDecision(
                drawn.gate(),
                drawn.revision(),
                drawn.arm(),
                drawn.mode(),
                drawn.reason(),
                drawn.rule(),
                drawn.bucket(),
                drawn.share(),
                drawn.key(),
                Optional.of(new PartsPerMillion(below)));
    }

    @Test
    void a_write_counts_by_share_where_the_write_authority_ends_there() {
        count(write(1, new GateDecision.Key.Used(7), SHARE), Result.SERVER_ERROR);
        count(write(2, notRead(), SHARE), Result.SUCCESS);
        count(write(3, new GateDecision.Key.Used(9), SHARE + 1), Result.SUCCESS);
        count(write(4, notRead(), SHARE + 1), Result.SUCCESS);

        GateEvidence own = of(book.read(), Arm.NEW);
        assertThat(own.share().requests()).isEqualTo(1);
        assertThat(own.share().serverErrors()).isEqualTo(1);
        assertThat(own.firstErrors()).hasSize(1);
        assertThat(own.other().requests()).isEqualTo(3);
        assertThat(of(book.readCarried(), Arm.NEW).share().requests()).isEqualTo(1);
    }

    private static GateEvidence of(List<GateEvidence> all, Arm arm) {
        return all.stream()
                .filter(evidence -> evidence.key().arm() == arm)
                .findFirst()
                .orElseThrow();
    }

    private static GateDecision.Key notRead() {
        return new GateDecision.Key.NotRead();
    }

    private static GateDecision carried(Arm arm, int bucket) {
        return decision(Reason.CARRIED, arm, bucket, notRead());
    }

    /**
     * @param bucket negative for none
     */
    private static GateDecision decision(Reason reason, Arm arm, int bucket, GateDecision.Key key) {
        return new GateDecision(
                new GateName("orders"),
                Optional.of(new GateRevision(1, 2)),
                arm,
                arm == Arm.NEW ? Mode.COMPLETE : Mode.OFF,
                reason,
                Optional.empty(),
                bucket < 0 ? OptionalInt.empty() : OptionalInt.of(bucket),
                new PartsPerMillion(SHARE),
                key);
    }

    private void count(GateDecision decision, Result result) {
        finish(decision, result, FaultMark.NONE);
    }

    private void finish(GateDecision decision, Result result, FaultMark fault) {
        long hash = decision.key() instanceof GateDecision.Key.Used(long used) ? used : 0;
        book.finished(
                new ExchangeRecord(
                        0,
                        "l",
                        "HTTP/1.1",
                        "GET",
                        "",
                        "/",
                        200,
                        -1,
                        Set.of(),
                        "",
                        0,
                        0,
                        new ExchangeRecord.Times(1_000_000, 1, 1),
                        "r",
                        Optional.empty(),
                        Optional.of(
                                new GateOutcome(
                                        decision,
                                        "read",
                                        OperationClass.READ,
                                        hash,
                                        result,
                                        /* fellBack= */ false,
                                        fault)),
                        "",
                        List.of(),
                        List.of(),
                        InetSocketAddress.createUnresolved("c", 1),
                        "",
                        Optional.empty(),
                        LogFacts.NONE,
                        Optional.empty()));
    }
}
