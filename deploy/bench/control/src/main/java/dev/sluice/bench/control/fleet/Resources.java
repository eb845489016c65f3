package dev.sluice.bench.control.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process takes of the machine, by Linux.
 *
 * @param pid of the process
 */
record Resources(long pid) {
    /** Now, MiB. */
    long resident() throws IOException {
        return mebibytes("VmRSS");
    }

    /** The most so far, MiB. */
    long mostResident() throws IOException {
        return mebibytes("VmHWM");
    }

    /** CPU time so far, of all threads. */
    Duration cpu() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("process " + pid + " has ended"));
    }

    private long mebibytes(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                .findFirst()
                .orElseThrow();
    }
}
