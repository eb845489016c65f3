package dev.sluice.proxy.telemetry;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The access logs of all listeners; those that name the same path share its file, each with its own
 * format and filter. Thread-safe.
 */
public final class AccessLogs implements ExchangeObserver, AutoCloseable {
    private final Map<String, LogFile> files = new ConcurrentHashMap<>();
    private final LogSieve sieve;

    /**
     * @param random any 64 bits, for samples
     * @param runtime values that may replace numbers of filters
     */
    public AccessLogs(LongSupplier random, RuntimeLayers runtime) {
        sieve = new LogSieve(random, runtime);
    }

    /** Follows the listeners; files that can't be opened are reported and left out. */
    public List<Problem> follow(List<ListenerSpec> listeners) {
        List<Problem> problems = new ArrayList<>();
        listeners.stream()
                .flatMap(ListenerSpec::allChains)
                .flatMap(chain -> chain.filter().accessLogs().stream())
                .map(AccessLogSpec::path)
                .distinct()
                .forEach(path -> open(path, problems));
        return problems;
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        List<AccessLogSpec> logs = exchange.log().logs();
        for (int i = 0; i < logs.size(); i++) {
            AccessLogSpec log = logs.get(i);
            LogFile file = files.get(log.path());
            if (file != null && isWanted(log, exchange)) {
                file.write(log.format(), exchange);
            }
        }
    }

    /** Lines lost so far. */
    public long dropped() {
        return files.values().stream().mapToLong(LogFile::dropped).sum();
    }

    @Override
    public void close() {
        files.values().forEach(LogFile::close);
    }

    private boolean isWanted(AccessLogSpec log, ExchangeRecord exchange) {
        return log.filter().isEmpty() || sieve.passes(log.filter().get(), exchange);
    }

    private void open(String path, List<Problem> problems) {
        if (files.containsKey(path)) {
            return;
        }
        try {
            files.put(path, new LogFile(LogTarget.open(path)));
        } catch (IOException e) {
            problems.add(
                    new Problem(
                            "access_log",
                            Problem.quote(path) + ": " + e,
                            "a file that this process may append to",
                            "create its folder, or change the path"));
        }
    }
}
