package dev.sluice.proxy.telemetry;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.snapshot.AccessLogSpec;
import dev.sluice.proxy.snapshot.ListenerSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The access logs of all listeners; listeners that name the same path share it. Thread-safe. */
public final class AccessLogs implements ExchangeObserver, AutoCloseable {
    private final Map<String, LogFile> files = new ConcurrentHashMap<>();
    private volatile Map<String, List<LogFile>> byListener = Map.of();

    /** Follows the listeners; files that can't be opened are reported and left out. */
    public List<Problem> follow(List<ListenerSpec> listeners) {
        List<Problem> problems = new ArrayList<>();
        Map<String, List<LogFile>> next = new HashMap<>();
        for (ListenerSpec listener : listeners) {
            List<LogFile> logs = new ArrayList<>();
            listener.allChains()
                    .flatMap(chain -> chain.filter().accessLogs().stream())
                    .distinct()
                    .forEach(spec -> open(spec, logs, problems));
            next.put(listener.name(), List.copyOf(logs));
        }
        byListener = Map.copyOf(next);
        return problems;
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        List<LogFile> logs = byListener.getOrDefault(exchange.listener(), List.of());
        for (int i = 0; i < logs.size(); i++) {
            logs.get(i).write(exchange);
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

    private void open(AccessLogSpec spec, List<LogFile> logs, List<Problem> problems) {
        LogFile known = files.get(spec.path());
        if (known != null) {
            logs.add(known);
            return;
        }
        try {
            LogFile opened = new LogFile(LogTarget.open(spec.path()));
            files.put(spec.path(), opened);
            logs.add(opened);
        } catch (IOException e) {
            problems.add(
                    new Problem(
                            "access_log",
                            Problem.quote(spec.path()) + ": " + e,
                            "a file that this process may append to",
                            "create its folder, or change the path"));
        }
    }
}
