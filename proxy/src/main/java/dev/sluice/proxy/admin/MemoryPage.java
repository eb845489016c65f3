package dev.sluice.proxy.admin;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code /memory} with the names of Envoy's {@code Memory}: the heap of this process together with
 * the buffers of its connections. Stateless.
 */
final class MemoryPage {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB = 1024;

    private MemoryPage() {}

    static AdminAnswer answer() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long buffers =
                ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                        ? provider.metric().usedDirectMemory()
                        : 0;
        Map<String, Object> memory = new LinkedHashMap<>();
        memory.put("allocated", Long.toString(heap.getUsed() + buffers));
        memory.put("heap_size", Long.toString(heap.getCommitted() + buffers));
        memory.put(
                "pageheap_unmapped",
                Long.toString(Math.max(0, heap.getMax() - heap.getCommitted())));
        memory.put("pageheap_free", Long.toString(heap.getCommitted() - heap.getUsed()));
        memory.put("total_thread_cache", "0");
        memory.put("total_physical_bytes", Long.toString(resident(heap.getCommitted() + buffers)));
        return AdminAnswer.json(200, JsonTree.of(memory));
    }

    /** What the kernel says of this process, where it says it as Linux does. */
    private static long resident(long otherwise) {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .map(line -> line.substring(RESIDENT.length()).replace("kB", "").strip())
                    .mapToLong(text -> Long.parseLong(text) * KIB)
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException notLinux) {
            return otherwise;
        }
    }
}
