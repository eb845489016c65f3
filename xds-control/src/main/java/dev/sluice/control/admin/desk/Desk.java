package dev.sluice.control.admin.desk;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.change.Command;
import dev.sluice.control.path.CatalogFeed;
import dev.sluice.control.path.Outcome;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests to the change path and brings its answers back, the same way for every service.
 * Thread-safe; never waits.
 */
public final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    private final Changes changes;
    private final CatalogFeed feed;
    private final InstantSource clock;

    public Desk(Changes changes, CatalogFeed feed, InstantSource clock) {
        this.changes = changes;
        this.feed = feed;
        this.clock = clock;
    }

    /** The committed state. */
    public Catalog now() {
        return feed.latest();
    }

    CatalogFeed feed() {
        return feed;
    }

    /** A name of a request, else the problem is thrown at the caller. */
    public static <N> N name(Parsed<N> parsed) {
        return switch (parsed) {
            case Parsed.Ok<N>(var name) -> name;
            case Parsed.Refused<N>(var problems) ->
                    throw Refusing.invalid(
                            problems.stream()
                                    .map(problem ->
                                            new Problem(
                                                    "name",
                                                    problem.got(),
                                                    problem.expected(),
                                                    problem.remedy()))
                                    .toList());
        };
    }

    /** Answers with what exists under a name. */
    public static <R> R found(Optional<R> resource, Object name) {
        return resource.orElseThrow(() -> Refusing.notFound(name.toString()));
    }

    /** Gives a command that creates what a message says. */
    public <M extends Message, S, R extends Resource> void create(
            Form<M, S, R> form,
            M message,
            Function<S, Command> command,
            Conditions conditions,
            Class<R> type,
            StreamObserver<M> observer) {
        Problems problems = Problems.root();
        Optional<S> spec = form.read(message, problems);
        checked(problems, conditions);
        submit(command.apply(spec.orElseThrow()), conditions, answer(form, type), observer);
    }

    /** Gives a command that changes the fields of a mask. */
    public <M extends Message, S, R extends Resource> void update(
            Form<M, S, R> form,
            R present,
            M wanted,
            FieldMask mask,
            Function<S, Command> command,
            Conditions conditions,
            Class<R> type,
            StreamObserver<M> observer) {
        Problems problems = Problems.root();
        M merged = Merge.merge(form.write(present, now()), wanted, mask, problems);
        Optional<S> spec = form.read(merged, problems);
        checked(problems, conditions);
        submit(command.apply(spec.orElseThrow()), conditions, answer(form, type), observer);
    }

    /** Gives a command and answers with the resource that it names. */
    public <M extends Message, R extends Resource> void change(
            Form<M, ?, R> form,
            Command command,
            Conditions conditions,
            Class<R> type,
            StreamObserver<M> observer) {
        checked(Problems.root(), conditions);
        submit(command, conditions, answer(form, type), observer);
    }

    /** Gives a command after which there is nothing to answer with. */
    public <M extends Message> void remove(
            Command command, Conditions conditions, M answer, StreamObserver<M> observer) {
        checked(Problems.root(), conditions);
        submit(command, conditions, (_, _) -> answer, observer);
    }

    private static <M extends Message, R extends Resource>
            BiFunction<Catalog, Optional<Resource>, M> answer(Form<M, ?, R> form, Class<R> type) {
        return (catalog, resource) -> form.write(resource.map(type::cast).orElseThrow(), catalog);
    }

    private static void checked(Problems problems, Conditions conditions) {
        conditions.check(problems);
        if (!problems.isEmpty()) {
            throw Refusing.invalid(problems.all());
        }
    }

    private <M> void submit(
            Command command,
            Conditions conditions,
            BiFunction<Catalog, Optional<Resource>, M> answer,
            StreamObserver<M> observer) {
        changes.submit(command, conditions.context(Caller.current(), clock.instant()))
                .whenComplete((outcome, failure) -> {
                    if (failure == null) {
                        respond(outcome, answer, observer);
                    } else {
                        LOG.error("command {} failed", command, failure);
                        observer.onError(Status.INTERNAL.asRuntimeException());
                    }
                });
    }

    private <M> void respond(
            Outcome outcome,
            BiFunction<Catalog, Optional<Resource>, M> answer,
            StreamObserver<M> observer) {
        switch (outcome) {
            case Outcome.Accepted(var catalog, var resource) ->
                    done(answer.apply(catalog, resource), observer);
            case Outcome.Validated(var resource) -> done(answer.apply(now(), resource), observer);
            case Outcome.Published(var resource) -> done(answer.apply(now(), resource), observer);
            case Outcome.Refused refused -> observer.onError(Refusing.of(refused));
        }
    }

    public static <M> void done(M answer, StreamObserver<M> observer) {
        observer.onNext(answer);
        observer.onCompleted();
    }

    /** Problems of a request as one refusal. */
    public static void refuseIfAny(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw Refusing.invalid(problems);
        }
    }
}
