// An HTTP server and its clients, two processes of one program: every client keeps to one connection.
// In the client, goroutines hand numbers on through channels, and tickers and timers run.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"time"
)

const clients = 4

// The server answers with the address it was asked from, and the digest of what it was sent.
func serve() {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	must(err)
	fmt.Println(listener.Addr())
	http.HandleFunc("/", func(out http.ResponseWriter, in *http.Request) {
		body, err := io.ReadAll(in.Body)
		must(err)
		fmt.Fprintf(out, "%s %x", in.RemoteAddr, sha256.Sum256(body))
	})
	go http.Serve(listener, nil)
	io.Copy(io.Discard, os.Stdin)
}

// http.Client opens another connection when it was stopped for 50 ms between the writing of a request
// and its answer, as any pause can have it; the client here has one connection and no other.
func beClient(number int, address string, over <-chan struct{}, told chan<- bool, progress *os.File) {
	connection, err := net.Dial("tcp4", address)
	must(err)
	defer connection.Close()
	answers := bufio.NewReader(connection)
	for asked := 0; ; asked++ {
		body := bytes.Repeat([]byte(fmt.Sprintf("client %d, %d. ", number, asked)), 1+asked%99)
		request, err := http.NewRequest("POST", "http://"+address+"/", bytes.NewReader(body))
		must(err)
		must(request.Write(connection))
		response, err := http.ReadResponse(answers, request)
		must(err)
		text, err := io.ReadAll(response.Body)
		must(err)
		response.Body.Close()
		wanted := fmt.Sprintf("%s %x", connection.LocalAddr(), sha256.Sum256(body))
		if string(text) != wanted {
			panic(fmt.Sprintf("client %d, %d: %q, not %q", number, asked, text, wanted))
		}
		if asked%20 == 19 {
			progress.WriteString("x")
		}
		select {
		case <-over:
			told <- true
			return
		default:
		}
	}
}

// A ring of goroutines: what comes back has been made greater by each.
func ring(length int, over <-chan struct{}) (rounds, wrong uint64) {
	first := make(chan []byte)
	last := first
	for i := 0; i < length; i++ {
		in, out := last, make(chan []byte)
		go func() {
			for data := range in {
				out <- binary.LittleEndian.AppendUint64(nil, binary.LittleEndian.Uint64(data)+1)
			}
			close(out)
		}()
		last = out
	}
	ticker := time.NewTicker(2 * time.Millisecond)
	for {
		select {
		case <-over:
			close(first)
			return
		case <-ticker.C:
			first <- binary.LittleEndian.AppendUint64(nil, rounds)
			if binary.LittleEndian.Uint64(<-last) != rounds+uint64(length) {
				wrong++
			}
			rounds++
		}
	}
}

func main() {
	if len(os.Args) > 1 {
		serve()
		return
	}
	server := exec.Command(os.Args[0], "server")
	server.Stderr = os.Stderr
	input, err := server.StdinPipe()
	must(err)
	output, err := server.StdoutPipe()
	must(err)
	must(server.Start())
	var address string
	_, err = fmt.Fscan(output, &address)
	must(err)
	progress, err := os.Create("progress")
	must(err)
	over := make(chan struct{})
	told := make(chan bool)
	for number := 0; number < clients; number++ {
		go beClient(number, address, over, told, progress)
	}
	var rounds, wrong uint64
	var all sync.WaitGroup
	all.Add(1)
	go func() {
		defer all.Done()
		rounds, wrong = ring(200, over)
	}()
	for _, err := os.Stat("stop"); err != nil; _, err = os.Stat("stop") {
		<-time.After(5 * time.Millisecond)
	}
	close(over)
	for number := 0; number < clients; number++ {
		<-told
	}
	all.Wait()
	input.Close()
	must(server.Wait())
	result := "right"
	if rounds == 0 || wrong != 0 {
		result = fmt.Sprintf("wrong: %d of %d rounds", wrong, rounds)
	}
	must(os.WriteFile("result", []byte(result), 0o644))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
