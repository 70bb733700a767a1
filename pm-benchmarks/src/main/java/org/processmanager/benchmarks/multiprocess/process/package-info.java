/** Programs of the operating system: started, read, written, watched, listed. */
package org.processmanager.benchmarks.multiprocess.process;
