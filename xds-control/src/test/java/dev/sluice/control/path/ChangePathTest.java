package dev.sluice.control.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.catalog.Service;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.CommandContext.Validation;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.MemoryEventStore.Mood;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Principal.AuthMethod;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangePathTest {
    private static final GateName GATE = new GateName("g");

    private final MemoryEventStore store = new MemoryEventStore();
    private final Published published = new Published();
    private final Queue<Runnable> writer = new ArrayDeque<>();
    private final List<CompletableFuture<Outcome>> begun = new ArrayList<>();
    private FleetReport facts = FleetReport.SILENT;
    private ChangePath path;

    @BeforeEach
    void open_with_one_gate_at_a_quarter() {
        path = ChangePath.open(store, Governance.embedded(), published, () -> facts, writer::add);
        for (Command command :
                List.of(
                        new Command.CreateService(Fixtures.service("orders")),
                        new Command.CreateVersion(Fixtures.version("orders", "v1")),
                        new Command.CreateVersion(Fixtures.version("orders", "v2")),
                        new Command.CreateGate(Fixtures.gate("g", "orders", 250_000)))) {
            assertThat(give(command)).isInstanceOf(Outcome.Accepted.class);
        }
    }

    @Test
    void a_change_is_recorded_then_published_then_answered() {
        CompletableFuture<Outcome> answer = submit(setShare(500_000), etag());
        assertThat(answer).as("before the writer ran").isNotDone();
        int before = published.catalogs().size();

        write();

        assertThat(answer).isCompleted();
        assertThat(store.log().getLast().event()).isInstanceOf(Event.GatesRevised.class);
        assertThat(published.catalogs()).hasSize(before + 1);
        assertThat(share(published.last())).isEqualTo(500_000);
        assertThat(path.feed().latest()).isEqualTo(published.last());
        assertThat(accepted(answer).resource())
                .hasValueSatisfying(gate ->
                        assertThat(((GateState) gate).content().share().value())
                                .isEqualTo(500_000));
    }

    @Test
    void commands_that_wait_are_decided_on_each_other_and_committed_together() {
        int appends = store.appends();
        CompletableFuture<Outcome> first =
                submit(new Command.CreateService(Fixtures.service("a")), Fixtures.admin());
        CompletableFuture<Outcome> needsFirst =
                submit(new Command.CreateService(Fixtures.service("b", 0, "a")), Fixtures.admin());
        CompletableFuture<Outcome> again =
                submit(new Command.CreateService(Fixtures.service("a")), Fixtures.admin());

        write();

        assertThat(store.appends()).isEqualTo(appends + 1);
        assertThat(first.join()).isInstanceOf(Outcome.Accepted.class);
        assertThat(needsFirst.join()).isInstanceOf(Outcome.Accepted.class);
        assertThat(refused(again)).isEqualTo(Refusal.Kind.ALREADY_EXISTS);
    }

    @Test
    void a_refused_command_leaves_no_event_and_publishes_nothing() {
        List<LoggedEvent> before = store.log();
        int publications = published.catalogs().size();

        Outcome outcome = give(setShare(500_000)); // without an etag

        assertThat(((Outcome.Refused) outcome).kind()).isEqualTo(Refusal.Kind.INVALID);
        assertThat(store.log()).isEqualTo(before);
        assertThat(published.catalogs()).hasSize(publications);
    }

    @Test
    void a_stale_etag_is_refused_with_the_current_one() {
        CommandContext stale = etag();
        give(setShare(300_000), stale);

        Outcome outcome = give(setShare(500_000), stale);

        assertThat(((Outcome.Refused) outcome).kind()).isEqualTo(Refusal.Kind.ABORTED);
        assertThat(((Outcome.Refused) outcome).refusals().getFirst().problem().expected())
                .contains(gate().meta().etag());
    }

    @Test
    void who_may_not_is_denied_before_anything_is_decided() {
        Principal stranger = new Principal("stranger", AuthMethod.NONE);

        Outcome outcome = give(setShare(0), Fixtures.by(stranger));

        assertThat(((Outcome.Refused) outcome).kind()).isEqualTo(Refusal.Kind.DENIED);
    }

    @Test
    void a_repeated_request_answers_as_the_first_did_even_after_other_changes() {
        CommandContext once = etag().withRequestId("id-1");
        give(setShare(300_000), once);
        give(setShare(400_000), etag());
        List<LoggedEvent> before = store.log();

        Outcome repeated = give(setShare(300_000), once);

        assertThat(resource(repeated))
                .hasValueSatisfying(gate ->
                        assertThat(((GateState) gate).content().share().value())
                                .isEqualTo(300_000));
        assertThat(store.log()).isEqualTo(before);
        assertThat(share(path.feed().latest())).isEqualTo(400_000);
    }

    @Test
    void a_request_id_of_another_command_is_refused_and_after_a_day_forgotten() {
        CommandContext once = etag().withRequestId("id-1");
        give(setShare(300_000), once);

        Outcome other = give(new Command.Rollback(Fixtures.gateTarget("g")), once);
        assertThat(((Outcome.Refused) other).refusals().getFirst().problem().path())
                .isEqualTo("request_id");

        CommandContext tomorrow =
                new CommandContext(
                        Identity.of(Fixtures.ADMIN),
                        Optional.of("id-1"),
                        "a reason",
                        Validation.APPLY,
                        Optional.empty(),
                        Fixtures.START.plus(Duration.ofHours(24)));
        assertThat(give(new Command.Rollback(Fixtures.gateTarget("g")), tomorrow))
                .isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void validation_alone_changes_nothing_and_shows_what_would_be() {
        List<LoggedEvent> before = store.log();

        Outcome outcome = give(setShare(900_000), etag().withValidation(Validation.ONLY));

        assertThat(((Outcome.Validated) outcome).resource())
                .hasValueSatisfying(gate ->
                        assertThat(((GateState) gate).content().share().value())
                                .isEqualTo(900_000));
        assertThat(store.log()).isEqualTo(before);
        assertThat(share(path.feed().latest())).isEqualTo(250_000);
        assertThat(give(kill(), Fixtures.admin().withValidation(Validation.ONLY)))
                .isInstanceOf(Outcome.Validated.class);
        assertThat(published.kills()).isEmpty();
    }

    @Test
    void a_failing_store_answers_unavailable_and_serving_goes_on() {
        store.be(Mood.FAILING);
        int publications = published.catalogs().size();

        Outcome outcome = give(setShare(500_000), etag());

        assertThat(((Outcome.Refused) outcome).kind()).isEqualTo(Refusal.Kind.UNAVAILABLE);
        assertThat(((Outcome.Refused) outcome).refusals().getFirst().problem().message())
                .contains("disk full");
        assertThat(published.catalogs()).hasSize(publications);
        assertThat(share(path.inForce())).isEqualTo(250_000);

        store.be(Mood.WELL);
        assertThat(give(setShare(500_000), etag())).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void refusals_that_rest_on_what_was_not_committed_are_not_given() {
        store.be(Mood.FAILING);
        CompletableFuture<Outcome> certain = submit(setShare(1), Fixtures.admin());
        begin(new Command.CreateService(Fixtures.service("a")), Fixtures.admin());
        CompletableFuture<Outcome> resting =
                submit(new Command.CreateService(Fixtures.service("a")), Fixtures.admin());

        write();

        assertThat(refused(certain))
                .as("no etag, whatever the store")
                .isEqualTo(Refusal.Kind.INVALID);
        assertThat(refused(resting)).isEqualTo(Refusal.Kind.UNAVAILABLE);
    }

    @Test
    void an_append_that_failed_and_reached_the_disk_is_found_before_the_next() {
        store.be(Mood.FAILING_AFTERWARDS);
        give(setShare(500_000), etag());
        store.be(Mood.WELL);

        assertThat(give(new Command.CreateService(Fixtures.service("a"))))
                .isInstanceOf(Outcome.Accepted.class);

        assertThat(share(path.feed().latest())).isEqualTo(500_000);
        assertThat(Catalog.EMPTY.applyAll(store.log())).isEqualTo(path.feed().latest());
    }

    @Test
    void a_kill_is_out_before_the_writer_has_it() {
        begin(kill(), Fixtures.admin());

        assertThat(published.kills()).hasSize(1);
        assertThat(killed(published.last())).isTrue();
        assertThat(killed(path.feed().latest())).as("the log").isFalse();
        assertThat(killed(path.inForce())).isTrue();
    }

    @Test
    void a_kill_is_recorded_as_it_went_out() {
        begin(kill(), Fixtures.admin());
        GateSpec out = published.last().gate(GATE).orElseThrow().spec();

        write();

        assertThat(killed(path.feed().latest())).isTrue();
        assertThat(gate().spec()).as("no news to anybody").isEqualTo(out);
        assertThat(path.inForce()).isEqualTo(path.feed().latest());
    }

    @Test
    void a_kill_of_a_gate_that_has_changed_meanwhile_is_recorded_above_what_is_out() {
        begin(setShare(500_000), etag()); // waits in the queue before the kill
        begin(kill(), Fixtures.admin());
        GateRevision out = published.last().gate(GATE).orElseThrow().revision();

        write();

        assertThat(killed(path.feed().latest())).isTrue();
        assertThat(share(path.feed().latest())).isEqualTo(500_000);
        assertThat(gate().revision()).isGreaterThan(out);
        assertThat(path.inForce()).isEqualTo(path.feed().latest());
    }

    @Test
    void a_second_kill_while_the_first_is_out_is_recorded_as_the_first_went_out() {
        begin(kill(), Fixtures.admin());
        GateSpec out = published.last().gate(GATE).orElseThrow().spec();
        begin(kill(), Fixtures.admin().withReason("once more"));

        write();

        assertThat(published.kills()).hasSize(1);
        assertThat(gate().spec()).isEqualTo(out);
    }

    @Test
    void a_replica_that_follows_leaps_less_far_than_its_leader() {
        begin(kill(), Fixtures.admin());
        GateRevision ofLeader = published.last().gate(GATE).orElseThrow().revision();
        var follower = new Published();
        ChangePath following =
                ChangePath.open(
                        store.followed(),
                        Governance.embedded(),
                        follower,
                        () -> facts,
                        writer::add);

        var unused = following.submit(kill(), Fixtures.admin());

        assertThat(killed(follower.last())).isTrue();
        assertThat(follower.last().gate(GATE).orElseThrow().revision()).isLessThan(ofLeader);
    }

    @Test
    void a_change_written_meanwhile_does_not_end_a_kill_that_is_out() {
        begin(setShare(500_000), etag()); // waits in the queue before the kill
        begin(kill(), Fixtures.admin());
        write();

        List<Catalog> afterKill =
                published
                        .catalogs()
                        .subList(published.catalogs().size() - 2, published.catalogs().size());
        assertThat(afterKill).allSatisfy(catalog -> assertThat(killed(catalog)).isTrue());
        List<GateRevision> revisions = new ArrayList<>();
        published.catalogs().stream()
                .flatMap(catalog -> catalog.gate(GATE).stream())
                .forEach(gate -> revisions.add(gate.revision()));
        assertThat(revisions).as("what sidecars see never goes down").isSorted();
    }

    @Test
    void a_kill_holds_while_the_store_fails_and_is_recorded_on_its_return() {
        store.be(Mood.FAILING);
        Outcome outcome = give(kill());

        assertThat(outcome).isInstanceOf(Outcome.Published.class);
        assertThat(killed(path.inForce())).isTrue();
        path.retryKills();
        write();
        assertThat(killed(path.feed().latest())).as("still failing").isFalse();

        store.be(Mood.WELL);
        path.retryKills();
        write();

        assertThat(killed(path.feed().latest())).isTrue();
        assertThat(store.log().stream().map(LoggedEvent::event))
                .filteredOn(Event.KillPublished.class::isInstance)
                .as("the audit says that it was out before")
                .hasSize(1);
        assertThat(path.inForce()).isEqualTo(path.feed().latest());
    }

    @Test
    void a_kill_that_is_ordered_again_and_again_while_the_store_fails_waits_once() {
        store.be(Mood.FAILING);
        for (int order = 0; order < 500; order++) {
            assertThat(give(kill(), Fixtures.admin().withReason("order " + order)))
                    .isInstanceOf(Outcome.Published.class);
        }
        assertThat(give(kill(), etag())).isInstanceOf(Outcome.Published.class);
        List<CommandContext> waiting = new ArrayList<>();
        path.eachLateKill((_, context) -> waiting.add(context));

        assertThat(waiting).extracting(CommandContext::reason).containsExactly("order 0");

        store.be(Mood.WELL);
        path.retryKills();
        write();
        assertThat(killed(path.feed().latest())).isTrue();
        assertThat(gate().content().kill().orElseThrow().reason()).isEqualTo("order 0");
        waiting.clear();
        path.eachLateKill((_, context) -> waiting.add(context));
        assertThat(waiting).isEmpty();
    }

    @Test
    void a_kill_for_any_state_waits_beside_one_for_the_state_that_was_seen() {
        store.be(Mood.FAILING);
        give(kill(), etag());
        give(kill(), Fixtures.admin());
        List<CommandContext> waiting = new ArrayList<>();
        path.eachLateKill((_, context) -> waiting.add(context));

        assertThat(waiting)
                .as("the first may come to be refused where the second is not")
                .extracting(context -> context.etag().isPresent())
                .containsExactly(true, false);
    }

    @Test
    void a_kill_that_the_log_has_come_to_forbid_is_taken_back() {
        begin(new Command.DeleteGate(GATE), Fixtures.admin());
        CompletableFuture<Outcome> kill = submit(kill(), Fixtures.admin());
        assertThat(killed(path.inForce())).isTrue();

        write();

        assertThat(refused(kill)).isEqualTo(Refusal.Kind.NOT_FOUND);
        assertThat(path.inForce()).isEqualTo(path.feed().latest());
    }

    @Test
    void a_repeated_kill_request_does_not_kill_again_after_a_resume() {
        CommandContext once = Fixtures.admin().withRequestId("kill-1");
        give(kill(), once);
        give(new Command.Resume(Fixtures.gateTarget("g"), List.of()));

        give(kill(), once);

        assertThat(killed(path.inForce())).isFalse();
    }

    @Test
    void opening_reads_the_log_and_publishes_the_state() {
        Published again = new Published();

        ChangePath reopened =
                ChangePath.open(store, Governance.embedded(), again, () -> facts, writer::add);

        assertThat(again.last()).isEqualTo(path.feed().latest());
        assertThat(reopened.feed().latest().seq()).isEqualTo(store.log().size());
    }

    @Test
    void opening_a_broken_chain_is_refused() {
        MemoryEventStore forged = new MemoryEventStore();
        LoggedEvent real = store.log().getFirst();
        forged.append(
                List.of(
                        new LoggedEvent(
                                1,
                                1,
                                real.stamp(),
                                real.event(),
                                real.payload().replace("orders", "others"),
                                real.previous(),
                                real.hash())));

        assertThatThrownBy(() ->
                        ChangePath.open(
                                forged, Governance.embedded(), published, () -> facts, writer::add))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("last good event is 0");
    }

    @Test
    void a_new_epoch_is_in_every_new_revision() {
        MemoryEventStore restored = new MemoryEventStore(7);
        ChangePath later =
                ChangePath.open(
                        restored, Governance.embedded(), published, () -> facts, Runnable::run);
        begin(later, new Command.CreateService(Fixtures.service("orders")), Fixtures.admin());
        begin(later, new Command.CreateVersion(Fixtures.version("orders", "v1")), Fixtures.admin());
        begin(later, new Command.CreateVersion(Fixtures.version("orders", "v2")), Fixtures.admin());
        begin(later, new Command.CreateGate(Fixtures.gate("g", "orders", 0)), Fixtures.admin());

        assertThat(later.feed().latest().gate(GATE).orElseThrow().revision())
                .isEqualTo(new GateRevision(7, 1));
    }

    @Test
    void a_slow_watcher_sees_the_latest_state_and_skips_those_between() {
        Queue<Runnable> slow = new ArrayDeque<>();
        List<Long> seen = new ArrayList<>();
        CatalogFeed.Watch watch = path.feed().watch(slow::add, catalog -> seen.add(catalog.seq()));
        slow.remove().run();
        for (String id : List.of("a", "b", "c")) {
            give(new Command.CreateService(Fixtures.service(id)));
        }

        assertThat(slow).as("one delivery waits, however many changes").hasSize(1);
        slow.remove().run();
        assertThat(seen).containsExactly(4L, 7L);

        watch.close();
        give(new Command.CreateService(Fixtures.service("d")));
        assertThat(slow).isEmpty();
        assertThat(path.feed().watchers()).isZero();
    }

    @Test
    void closing_closes_the_store_after_what_was_submitted() {
        CompletableFuture<Outcome> before =
                submit(new Command.CreateService(Fixtures.service("a")), Fixtures.admin());
        path.close();
        assertThat(store.isClosed()).isFalse();

        write();

        assertThat(before.join()).isInstanceOf(Outcome.Accepted.class);
        assertThat(store.isClosed()).isTrue();
    }

    @Test
    void deleting_answers_without_a_resource() {
        give(new Command.CreateService(Fixtures.service("a")));
        assertThat(path.feed().latest().find("services/a")).containsInstanceOf(Service.class);

        assertThat(resource(give(new Command.DeleteService(Fixtures.serviceName("a"))))).isEmpty();
    }

    private static Command kill() {
        return new Command.Kill(Fixtures.gateTarget("g"));
    }

    private static Command setShare(int share) {
        return new Command.SetShare(Fixtures.gateTarget("g"), new PartsPerMillion(share));
    }

    private CommandContext etag() {
        return Fixtures.admin().withEtag(gate().meta().etag());
    }

    private GateState gate() {
        return path.feed().latest().gate(GATE).orElseThrow();
    }

    private static int share(Catalog catalog) {
        return catalog.gate(GATE).orElseThrow().content().share().value();
    }

    private static boolean killed(Catalog catalog) {
        return catalog.gate(GATE).orElseThrow().content().isKilled();
    }

    private Outcome give(Command command) {
        return give(command, Fixtures.admin());
    }

    private Outcome give(Command command, CommandContext context) {
        CompletableFuture<Outcome> answer = submit(command, context);
        write();
        return answer.join();
    }

    /** For commands whose answers do not matter. */
    private void begin(Command command, CommandContext context) {
        begin(path, command, context);
    }

    private void begin(ChangePath on, Command command, CommandContext context) {
        begun.add(on.submit(command, context));
    }

    private CompletableFuture<Outcome> submit(Command command, CommandContext context) {
        return path.submit(command, context);
    }

    private void write() {
        for (Runnable task; (task = writer.poll()) != null; ) {
            task.run();
        }
    }

    private static Outcome.Accepted accepted(CompletableFuture<Outcome> answer) {
        return (Outcome.Accepted) answer.join();
    }

    private static Optional<Resource> resource(Outcome outcome) {
        return ((Outcome.Accepted) outcome).resource();
    }

    private static Refusal.Kind refused(CompletableFuture<Outcome> answer) {
        return ((Outcome.Refused) answer.join()).kind();
    }
}
