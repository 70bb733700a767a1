/** The adapters of this library: its public API, used as its documentation shows, without JVM flags. */
package org.processmanager.benchmarks.ours;
