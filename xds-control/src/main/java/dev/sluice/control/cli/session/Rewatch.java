package dev.sluice.control.cli.session;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A watch over as many connections as it takes. One that breaks after it told something is watched
 * anew, and waits for a server; a watch tells again what is, so who prints it leaves out what it
 * printed. One that never told anything ends with its failure. For one run.
 */
public final class Rewatch {
    private static final long PAUSE_SECONDS = 1;

    private final Session session;
    private final Runnable again;
    private boolean told;

    /** Whether the present connection has told nothing yet. */
    private boolean silent;

    public Rewatch(Session session) {
        this(session, () -> {});
    }

    /**
     * @param again called before each watch but the first
     */
    public Rewatch(Session session, Runnable again) {
        this.session = session;
        this.again = again;
    }

    /** Goes on also where nothing was told: the server has answered before. */
    public Rewatch answered() {
        told = true;
        return this;
    }

    /**
     * Watches until the server ends a watch, or enough was told.
     *
     * @param watch begins one; a call on the second and later channels waits for a server
     * @param each takes what is told; false: it is enough
     */
    public <A> void run(Function<Channel, Iterator<A>> watch, Predicate<A> each) {
        Channel channel = session.channel();
        while (true) {
            silent = true;
            try {
                Iterator<A> answers = watch.apply(channel);
                while (answers.hasNext()) {
                    A answer = answers.next();
                    silent = false;
                    told = true;
                    if (!each.test(answer)) {
                        return;
                    }
                }
                return;
            } catch (StatusRuntimeException e) {
                if (!told || e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    throw e;
                }
                session.printer().remark("-- the connection broke; watching again");
                pause(e);
                again.run();
                channel = ClientInterceptors.intercept(session.channel(), new Waiting());
            }
        }
    }

    /**
     * Watches one thing until the server ends a watch; the last state of it, if there was one.
     *
     * @param shown takes each state that is not the one before
     */
    public <M> Optional<M> states(Function<Channel, Iterator<M>> watch, Consumer<M> shown) {
        List<M> last = new ArrayList<>(1);
        run(
                watch,
                state -> {
                    if (!last.contains(state)) {
                        last.clear();
                        last.add(state);
                        shown.accept(state);
                    }
                    return true;
                });
        return last.stream().findFirst();
    }

    /** Waits where a server answers and then tells nothing; else the connection itself waits. */
    private void pause(StatusRuntimeException broken) {
        if (silent) {
            try {
                TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw broken;
            }
        }
    }

    /** Calls wait for a server instead of failing without one. */
    private static final class Waiting implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(
                MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return next.newCall(method, options.withWaitForReady());
        }
    }
}
