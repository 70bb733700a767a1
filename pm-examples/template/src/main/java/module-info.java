/** A program that uses the libraries of ProcessManager; the last of them brings the other two. */
module com.example.app {
    requires org.processmanager.ipc;
}
