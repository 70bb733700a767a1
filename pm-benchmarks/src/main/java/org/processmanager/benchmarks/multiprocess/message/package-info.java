/** Messages from senders to receivers: throughput of a channel, and round trips over two of them. */
package org.processmanager.benchmarks.multiprocess.message;
